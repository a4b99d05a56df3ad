export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port;
}

export function isIpv6(address: string): boolean {
  return address.includes(":");
}
