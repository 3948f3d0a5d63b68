import fc from 'fast-check';
import { FrameReader, frame } from '../../../src/serving/worker/frames.js';

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (texts, cuts) => {
    const written = texts.map((text) => Buffer.from(text).toString());
    const stream = Buffer.concat(written.map((text) => frame(text)));
    const reader = new FrameReader();
    const read: string[] = [];
    for (let at = 0, cut = 0; at < stream.length; cut++) {
      const end = at + cuts[cut % cuts.length];
      read.push(...reader.push(stream.subarray(at, end)));
      at = end;
    }
    expect(read).toEqual(written);
  }));
});

test('the parts of a frame are joined', () => {
  expect(new FrameReader().push(frame('{"id":1,"m":', Buffer.from('"é"'), '}'))).toEqual(['{"id":1,"m":"é"}']);
});

test('fails if a frame is longer than any worker sends', () => {
  expect(() => new FrameReader().push(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
});
