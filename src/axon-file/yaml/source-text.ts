/** A text that problems point into: offsets become lines and columns, both counted from 1. */
export class SourceText {
  /** Without the mark that some editors put before it. */
  public readonly text: string;

  private readonly starts: number[] = [0];

  constructor(
    /** What the text is called in messages. */
    public readonly file: string,
    text: string,
  ) {
    this.text = text.replace(/^\uFEFF/, '');
    for (const match of this.text.matchAll(/\r\n|\n|\r/g)) {
      this.starts.push(match.index + match[0].length);
    }
  }

  /** The place of an offset. */
  public position(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }

  /** A line without its end. */
  public line(number: number): string {
    return this.text.slice(this.starts[number - 1], this.starts[number]).replace(/[\r\n]+$/, '');
  }
}
