import assert from "node:assert/strict";
import { test } from "node:test";
import { ImageQuality, type SupportedDecoding } from "@pulpit/wire";
import { baseBitrate, targetBitrate } from "./bitrate.ts";
import { chooseCodec } from "./codec-choice.ts";
import { Quality } from "./quality.ts";

const decoding = (fields: Partial<SupportedDecoding>): SupportedDecoding =>
  ({
    abilityVp9: 0,
    abilityH264: 0,
    abilityH265: 0,
    abilityVp8: 0,
    abilityAv1: 0,
    prefer: 0,
    preferChroma: 0,
    ...fields,
  }) as SupportedDecoding;

test("a viewer that announces nothing gets VP9", () => {
  assert.equal(chooseCodec(["h264", "vp9"], undefined), "vp9");
});

test("a preference counts where both ends can, the host's order otherwise", () => {
  assert.equal(chooseCodec(["h264", "vp9", "av1"], decoding({ abilityVp9: 1, abilityAv1: 1, prefer: 5 })), "av1");
  assert.equal(chooseCodec(["h264", "vp9"], decoding({ abilityVp9: 1, abilityAv1: 1, prefer: 5 })), "vp9");
  assert.equal(chooseCodec(["h264", "vp9"], decoding({ abilityVp9: 1, abilityH264: 1 })), "h264");
});

test("a viewer without VP9 is not sent VP9 when there is another way, and nothing when there is none", () => {
  assert.equal(chooseCodec(["vp9", "vp8"], decoding({ abilityVp8: 1 })), "vp8");
  assert.equal(chooseCodec(["vp9"], decoding({ abilityVp8: 1 })), undefined);
});

test("the base bitrate follows the stock table", () => {
  assert.equal(baseBitrate(1920, 1080), 2073);
  assert.equal(baseBitrate(2560, 1600), 3333);
  assert.equal(targetBitrate(1920, 1080, "vp9", 1), 2073);
});

test("delay lowers frame rate and bitrate, its end brings them back", () => {
  const quality = new Quality();
  let now = 0;
  const live = (delay: number, seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      now += 1000;
      for (let j = 0; j < 30; j++) quality.pictureMade();
      quality.measured(delay, now);
    }
  };
  live(20, 10);
  assert.equal(quality.framesPerSecond, 30);
  const relaxed = quality.ratio;
  live(900, 10);
  assert.ok(quality.framesPerSecond <= 5);
  assert.ok(quality.ratio < relaxed);
  live(20, 60);
  assert.equal(quality.framesPerSecond, 30);
  assert.ok(quality.ratio >= relaxed);
});

test("a long path is no slow one: pictures come at full speed from the beginning, and what waits is noticed there, too", () => {
  const far = new Quality();
  for (let second = 1; second <= 20; second++) {
    far.measured(250, second * 1000);
    assert.equal(far.framesPerSecond, 30, `second ${second}`);
  }
  const waiting = new Quality();
  waiting.measured(250, 1000);
  for (let second = 2; second <= 5; second++) waiting.measured(900, second * 1000);
  assert.ok(waiting.framesPerSecond <= 5);
  // The first picture is still on its way when the first probe comes: that is not believed to be the path.
  const narrow = new Quality();
  for (let second = 1; second <= 5; second++) narrow.measured(1500, second * 1000);
  assert.ok(narrow.framesPerSecond <= 5);
});

test("what a viewer may ask for is bounded", () => {
  const quality = new Quality();
  quality.choose(ImageQuality.NOT_SET, 0xfff << 8);
  assert.ok(quality.ratio <= 8);
  quality.capFrames(5000);
  assert.equal(quality.framesPerSecond, 30);
  quality.capFrames(1);
  assert.equal(quality.framesPerSecond, 1);
});
