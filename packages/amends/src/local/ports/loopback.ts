/** Where servers listen that nobody but this machine's own processes may reach. */
export const LOOPBACK = '127.0.0.1';
