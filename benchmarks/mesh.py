"""How fast portraits are posed and drawn: ``python -m benchmarks.mesh``.

Prints pictures a second of one core's own time, so that other work on the machine counts little.
The gate is the project's: 60 pictures a second at 256 px.
"""

import time

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from talkingface.data.synth import person, render, truth
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import neutral_factors
from talkingface.face.mesh import PortraitMesh, posed_faces
from talkingface.face.pose.rigid import posed

WANTED_FPS, GATED_PX = 60, 256
SIZES_PX, NUM_FRAMES, ROUNDS = (128, 256, 512), 50, 5
LARGEST_TURN = np.radians(40)


def portrait_mesh(size: int) -> PortraitMesh:
    """Return the mesh of a rendered person whose picture has `size` pixels."""
    who, factors = person(0), neutral_factors(1)
    (landmarks,) = truth(who, factors, size, PORTRAIT).landmarks.astype(np.float64)
    return PortraitMesh.of(render(who, factors[0], size, PORTRAIT), landmarks)


def turning(mesh: PortraitMesh) -> np.ndarray:
    """Return motions (T, 6) of a head that turns from side to side where it is."""
    middle = mesh.front.mean(axis=0)
    (there,) = posed(middle[None, None], mesh.motion[None])[0]
    turns = np.zeros((NUM_FRAMES, 3))
    turns[:, 1] = np.linspace(-LARGEST_TURN, LARGEST_TURN, NUM_FRAMES)
    return np.hstack([turns, middle - Rotation.from_rotvec(turns).apply(there)])


def pictures_a_second(size: int) -> float:
    """Return how many pictures are drawn in a second, at best."""
    mesh = portrait_mesh(size)
    motions, seconds = turning(mesh), []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in posed_faces(mesh, motions, size):
            pass
        seconds.append(time.process_time() - start)
    return NUM_FRAMES / min(seconds)


def main() -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    for size in SIZES_PX:
        fps = pictures_a_second(size)
        verdict = "as wanted" if fps >= WANTED_FPS else "NOT AS WANTED"
        gate = f", {fps / WANTED_FPS:.1f} times the {WANTED_FPS} wanted: {verdict}"
        print(f"{size}x{size}: {fps:.0f} pictures/s{gate if size == GATED_PX else ''}")


if __name__ == "__main__":
    main()
