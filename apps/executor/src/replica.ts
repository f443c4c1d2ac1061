/** This process among the executors. What lives in it alone is reached under this name. */
export class Replica {
  constructor(readonly name: string) {}
}
