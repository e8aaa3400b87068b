/** The shop's services, each a process with a database and a role of its own name. */
export const SERVICE_NAMES = ['orders', 'inventory', 'payments', 'shipping', 'notifications'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];
