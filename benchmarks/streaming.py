"""How soon and how fast a stream speaks: ``python -m benchmarks.streaming``.

The demo networks of PC_AVS at 112 px say a drawn person's sentence. Printed are the time until the
first frame of a speech and until an interruption is over, frames a second, the share of silence,
and how far sound and pictures drift apart in a simulated hour, whose clock is the count of samples.
Beside the clock stands the program's own time on all cores, which other work on the machine slows
less; with OMP_NUM_THREADS=1 it is what one free core needs.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from threading import Event, Thread

import numpy as np
import torch

import talkingface
from talkingface.data.synth import neutral_factors, person, render
from talkingface.data.synth.speech import spoken_by
from talkingface.engine.streaming import FrameStream
from talkingface.models.base import LiveFace

RATE_HZ, FPS, SAMPLES_A_FRAME = 16_000, 25, 640
PIECE_MS = 20  # of sound that is pushed at once, as telephony does
REAL_TIME, INTERRUPTED_SECONDS = 25, 0.1  # what is wanted
HOUR_RATE_HZ = 44_100


def main() -> None:
    """Print a line for each."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--model", default="PC_AVS")
    words.add_argument("--turns", type=int, default=40)
    words.add_argument("--seconds", type=float, default=20.0, help="of speech")
    words.add_argument("--drift_seconds", type=int, default=3600)
    asked = words.parse_args()
    animator = talkingface.load(asked.model, device="cpu")
    portrait = render(person(3), neutral_factors()[0], 112)
    said = spoken_by(3, 7, asked.seconds, "formant").waveform
    print(f"{animator}; {torch.get_num_threads()} threads")
    with animator.stream(portrait) as stream:
        ahead = 1000 * (stream.look_ahead_seconds + 1 / FPS)
        first = np.array([first_frame(stream, said, turn) for turn in range(asked.turns)])
        print_times("first frame, compute", first)
        print(f"  and before it {ahead:.0f} ms of sound: the frame's own, and what it looks ahead")
        over = np.array([interruption(stream, said, turn) for turn in range(asked.turns)])
        print_times("interrupt() returns", over[:, 0])
        print_times("until nothing of the old is drawn", over[:, 1], INTERRUPTED_SECONDS)
        print_times("until the first frame of an answer", over[:, 2])
        speed(stream, "speech", said)
        chance = np.random.default_rng(0)
        room = 4e-4 * chance.standard_normal(len(said)).astype(np.float32)
        speed(stream, "as much speech as noise of a room", np.concatenate([said, room]))
    drift(asked.drift_seconds)


def now() -> np.ndarray:
    """Return seconds by the clock, and of the program's own work."""
    return np.array([time.perf_counter(), time.process_time()])


def first_frame(stream: talkingface.Stream, said: np.ndarray, turn: int) -> np.ndarray:
    """Return the seconds from the push that completes a frame until the frame is there."""
    for piece in pieces(said[loud_start(said, turn) :]):
        begin = now()
        if next(stream.push(piece), None) is not None:
            took = now() - begin
            stream.interrupt()
            return took
    raise AssertionError("speech of ten seconds has a first frame")


def loud_start(said: np.ndarray, turn: int) -> int:
    """Return a sample from which on somebody speaks: silence would need no network."""
    powers = (said.reshape(-1, SAMPLES_A_FRAME) ** 2).mean(axis=1)
    loud = np.flatnonzero(powers[: len(powers) // 2] > powers.mean())
    return SAMPLES_A_FRAME * int(loud[turn % len(loud)])


def interruption(stream: talkingface.Stream, said: np.ndarray, turn: int) -> list[np.ndarray]:
    """Interrupt a speech that is being drawn.

    Returns the seconds until the call returns, until the one who draws has stopped, and until a
    frame of the answer is there whose sound was pushed at once.
    """
    frames = stream.push(said)
    some_given, taken = Event(), []

    def take() -> None:
        for frame in frames:
            taken.append(frame)
            if len(taken) == 5:
                some_given.set()

    taker = Thread(target=take)
    taker.start()
    some_given.wait()
    time.sleep(0.037 * (turn % 7) / 7)  # somewhere within a portion
    begin = now()
    stream.interrupt()
    returned = now() - begin
    taker.join()
    stopped = now() - begin
    start = loud_start(said, turn)
    answer = next(stream.push(said[start : start + 6 * SAMPLES_A_FRAME]))
    answered = now() - begin
    stream.interrupt()
    assert answer.index == taken[-1].index + 1
    return [returned, stopped, answered]


def speed(stream: talkingface.Stream, what: str, sound: np.ndarray) -> None:
    """Push sound in small pieces as fast as frames come, and print how fast that is."""
    begin, frames, waits = now(), [], []
    for piece in pieces(sound):
        pushed = now()
        if new := list(stream.push(piece)):
            waits.append((now() - pushed) / len(new))
        frames += new
    frames += stream.flush()
    fps, own_fps = len(frames) / (now() - begin)
    print_times(f"{what}, a frame", np.array(waits))
    drawn = len({id(frame.picture) for frame in frames})  # those of silence are one object
    print(
        f"{what}: {len(frames)} frames, {fps:.1f} a second, {fps / REAL_TIME:.2f} times real time "
        f"({verdict(fps > REAL_TIME)}), by its own time {own_fps:.1f}; silence, drawn by no "
        f"network: {1 - drawn / len(frames):.0%}"
    )


class LoudestSample(LiveFace):
    """Draws the loudest sample of a frame's own sound: a network of no size."""

    heard_before, heard_after = 2_400, 1_920  # as PC_AVS

    def draw(self, speech, frames, first):
        """Return pictures of one pixel."""
        start, stop = SAMPLES_A_FRAME * frames.start, SAMPLES_A_FRAME * frames.stop
        own = np.abs(speech.between(start, stop)).reshape(len(frames), -1).max(axis=1)
        return torch.from_numpy(own).float().reshape(-1, 1, 1, 1).expand(-1, 3, 1, 1)


def drift(seconds: int) -> None:
    """Push a click each minute, in pieces of odd lengths, and print where it is seen and heard."""
    stream = FrameStream(LoudestSample(), HOUR_RATE_HZ, lambda picture: picture)
    num_frames = num_samples = farthest = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for piece in clicks(seconds):
        stream.push(piece)
        for frame in stream.frames():
            is_seen, is_heard = bool(frame.picture.max() > 200), bool(frame.sound.any())
            minute = 60 * FPS * round(frame.index / (60 * FPS))
            if is_seen or is_heard:
                farthest = max(farthest, abs(frame.index - minute))
            assert is_seen == is_heard, "a click is seen in the frame in which it is heard"
            num_frames += 1
            num_samples += len(frame.sound)
    stream.end()
    for frame in stream.frames():
        num_frames += 1
        num_samples += len(frame.sound)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    apart = num_samples / HOUR_RATE_HZ - num_frames / FPS
    print(
        f"{seconds} simulated seconds at {HOUR_RATE_HZ} Hz: {num_frames} frames, sound and "
        f"pictures {apart:.3f} s apart, a click at most {farthest} frames off "
        f"({verdict(apart == 0 and farthest == 0)}); memory grew by {grown / 1024:.0f} MB"
    )


def clicks(seconds: int) -> Iterator[np.ndarray]:
    """Yield silence with a click of 5 ms in the middle of the first frame of each minute."""
    chance = np.random.default_rng(0)
    minute = np.zeros(60 * HOUR_RATE_HZ, np.float32)
    minute[HOUR_RATE_HZ // 50 :][: HOUR_RATE_HZ // 200] = 0.9
    rest = minute[:0]
    for _ in range(seconds // 60):
        rest = np.concatenate([rest, minute])
        while len(rest) > HOUR_RATE_HZ:
            length = int(chance.integers(1, HOUR_RATE_HZ))
            yield rest[:length]
            rest = rest[length:]
    yield rest


def pieces(sound: np.ndarray) -> Iterator[np.ndarray]:
    """Yield sound as it comes over a line, of 16 bits."""
    deep = (sound * 32_767).astype(np.int16)
    step = RATE_HZ * PIECE_MS // 1000
    for start in range(0, len(deep), step):
        yield deep[start : start + step]


def print_times(what: str, seconds: np.ndarray, wanted: float | None = None) -> None:
    """Print of times (N, 2) the median and what 19 of 20 do not exceed, in milliseconds."""
    (median, own_median), (most, own_most) = 1000 * np.percentile(seconds, (50, 95), axis=0)
    judged = "" if wanted is None else f" ({verdict(most < 1000 * wanted)})"
    print(
        f"{what}: p50 {median:.1f} ms, p95 {most:.1f} ms{judged}; "
        f"own time {own_median:.1f} and {own_most:.1f} ms"
    )


def verdict(good: bool) -> str:
    """Return the last word of a line."""
    return "as wanted" if good else "NOT AS WANTED"


if __name__ == "__main__":
    main()
