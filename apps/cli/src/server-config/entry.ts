/** A name and a value as somebody wrote them. */
export interface Entry {
  readonly name: string;
  readonly value: string;
  /** Where it stands, as an error names it: `/etc/pulpit.conf:3`, `--port`, `variable PORT`. */
  readonly where: string;
}
