/**
 * What a client's requests prove. A client asks for the next response when it has the end of the one before; so a request
 * proves all that earlier responses carried, and nothing of what still waits to be carried.
 */
export class SockJsProof {
  #sent = 0;
  #carried = 0;
  #proven = 0;
  /** What the last answer proved, or was asked to. */
  #answered = 0;
  #asked: { readonly upTo: number; readonly at: number } | undefined;

  onSent(): void {
    this.#sent++;
  }

  onCarried(messages: number): void {
    this.#carried += messages;
  }

  /** A request to receive came, with no response under way. True if it answers what was asked. */
  onRequest(): boolean {
    this.#proven = this.#carried;
    if (this.#asked === undefined || this.#proven < this.#asked.upTo) return false;
    this.#answer();
    return true;
  }

  /** Asks for proof of all that was sent until now. True if it is there already, and had not been told yet. */
  ask(now: number): boolean {
    this.#asked = { upTo: this.#sent, at: now };
    if (this.#proven < this.#sent || this.#answered >= this.#sent) return false;
    this.#answer();
    return true;
  }

  /** Since when an answer is waited for. */
  get askedAt(): number | undefined {
    return this.#asked?.at;
  }

  #answer(): void {
    this.#asked = undefined;
    this.#answered = this.#proven;
  }
}
