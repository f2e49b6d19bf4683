"""SynthTalk in the layouts of the three methods' own data.

Pictures are drawn again from the factors, in the framing and size that each layout asks for. Paths
in lists are relative to the folder of the layout.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from talkingface.clip import Clip, Picture
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import ALIGNED, PORTRAIT
from talkingface.data.synth.driving import factors_of, most_frontal
from talkingface.data.synth.factors import columns_of
from talkingface.data.synth.ground_truth import face_mesh, mesh_triangles, truth
from talkingface.data.synth.identity import person_named
from talkingface.data.synth.layout_draft import (
    Progress,
    copy_numbered,
    draft_of,
    save_array,
    speech_of,
    write_numbered,
    write_wav,
)
from talkingface.data.synth.rendering import render, render_bare_faces, render_frames
from talkingface.face.pose.rigid import frontal, head_motions
from talkingface.face.pose.rigid import most_frontal as most_frontal_motion
from talkingface.media import write_picture, write_video

ALIGNED_PX = 224
PORTRAIT_PX = 256


def write_pc_avs_layout(
    clips: Sequence[Clip], folder: str | Path, progress: Progress | None = None
) -> Path:
    """Write frame folders and csv files as PC-AVS reads them, and return the folder.

    ``Input/NAME/000000.jpg`` is the reference, ``Pose_Source/NAME`` and ``Mouth_Source/NAME`` hold
    all frames, ``Audio_Source/NAME.wav`` the speech. ``demo.csv`` drives each clip by itself,
    ``cross.csv`` takes the pose of the next one. Frames are aligned, not yet cropped.

    Raises:
        DataError: the folder exists, or a clip is none of SynthTalk's.
        StorageError: a file cannot be written.
    """
    target = Path(folder)
    with draft_of(target) as draft:
        counts = []
        for done, clip in enumerate(clips, start=1):
            who, factors = person_named(clip.identity), factors_of(clip)
            frames = draft / "Pose_Source" / clip.name
            counts.append(write_numbered(frames, render_frames(who, factors, ALIGNED_PX, ALIGNED)))
            copy_numbered(frames, draft / "Mouth_Source" / clip.name)
            portrait = render(who, factors[most_frontal(factors)], ALIGNED_PX, ALIGNED)
            write_numbered(draft / "Input" / clip.name, [portrait])
            write_wav(draft / "Audio_Source" / f"{clip.name}.wav", speech_of(clip))
            _tell(progress, done, len(clips))
        own = range(len(clips))
        following = [(index + 1) % len(clips) for index in own]
        (draft / "demo.csv").write_text(_pc_avs_lines(clips, counts, own))
        (draft / "cross.csv").write_text(_pc_avs_lines(clips, counts, following))
    return target


def write_pd_fgc_layout(
    clips: Sequence[Clip], folder: str | Path, progress: Progress | None = None
) -> Path:
    """Write pictures, sounds and motion folders as PD-FGC reads them, and return the folder.

    ``apps/NAME.png``, ``audios/NAME.wav``, ``motions/{pose,exp,eye}/NAME/%06d.jpg``.

    Raises:
        DataError: the folder exists, or a clip is none of SynthTalk's.
        StorageError: a file cannot be written.
    """
    target = Path(folder)
    with draft_of(target) as draft:
        (draft / "apps").mkdir()
        for done, clip in enumerate(clips, start=1):
            who, factors = person_named(clip.identity), factors_of(clip)
            portrait = render(who, factors[most_frontal(factors)], ALIGNED_PX, ALIGNED)
            write_picture(draft / "apps" / f"{clip.name}.png", portrait)
            write_wav(draft / "audios" / f"{clip.name}.wav", speech_of(clip))
            frames = draft / "motions" / "pose" / clip.name
            write_numbered(frames, render_frames(who, factors, ALIGNED_PX, ALIGNED))
            for motion in ("exp", "eye"):
                copy_numbered(frames, draft / "motions" / motion / clip.name)
            _tell(progress, done, len(clips))
    return target


def write_rhythmic_layout(
    clips: Sequence[Clip], folder: str | Path, progress: Progress | None = None
) -> Path:
    """Write videos and arrays as Rhythmic head motion reads them, and return the folder.

    For each clip S: ``S_aligned.mp4``, ``S_aligned.npy`` (T, 68, 3), ``S_aligned_rt.npy`` (T, 6),
    ``S_aligned_front.npy`` (T, 68, 3), ``S_aligned_ani.mp4``, ``S_%05d.png``, ``S.wav``,
    ``S_prnet.npy`` (68, 3), ``S_original.obj``. ``vox_demo_ani.npy`` lists videos and ani frames.

    Raises:
        DataError: the folder exists, or a clip is none of SynthTalk's.
        StorageError: a file cannot be written.
    """
    target = Path(folder)
    with draft_of(target) as draft:
        rows = []
        for done, clip in enumerate(clips, start=1):
            ani = _write_rhythmic_clip(clip, draft)
            rows.append((f"{clip.name}_aligned.mp4", str(ani)))
            _tell(progress, done, len(clips))
        save_array(draft / "vox_demo_ani.npy", np.array(rows))
    return target


def _pc_avs_lines(clips: Sequence[Clip], counts: Sequence[int], poses: Sequence[int]) -> str:
    """Return lines of eight fields: reference, pose frames, sound, mouth frames, spectrogram."""
    lines = []
    for clip, count, pose in zip(clips, counts, poses, strict=True):
        fields = (
            f"Input/{clip.name}",
            1,
            f"Pose_Source/{clips[pose].name}",
            counts[pose],
            f"Audio_Source/{clip.name}.wav",
            f"Mouth_Source/{clip.name}",
            count,
            "dummy",
        )
        lines.append(" ".join(str(field) for field in fields))
    return "\n".join(lines) + "\n"


def _write_rhythmic_clip(clip: Clip, folder: Path) -> int:
    """Write the files of one clip and return its ani frame."""
    who, factors = person_named(clip.identity), factors_of(clip)
    stem, speech = folder / clip.name, speech_of(clip)
    frames = render_frames(who, factors, PORTRAIT_PX, PORTRAIT)
    write_video(f"{stem}_aligned.mp4", frames, 25, speech)
    points = truth(who, factors, PORTRAIT_PX, PORTRAIT).landmarks.astype(np.float64)
    motions = head_motions(points)
    save_array(Path(f"{stem}_aligned.npy"), points)
    save_array(Path(f"{stem}_aligned_rt.npy"), motions)
    save_array(Path(f"{stem}_aligned_front.npy"), frontal(points, motions))
    ani = most_frontal_motion(motions)
    still = np.tile(factors[ani], (len(factors), 1))
    still[:, columns_of("pose")] = factors[:, columns_of("pose")]
    posed_faces = render_bare_faces(who, still, PORTRAIT_PX, PORTRAIT)
    write_video(f"{stem}_aligned_ani.mp4", posed_faces, 25)
    portrait = render(who, factors[ani], PORTRAIT_PX, PORTRAIT)
    write_picture(f"{stem}_{ani:05d}.png", portrait)
    write_wav(Path(f"{stem}.wav"), speech)
    upright = points[ani] * (1, -1, 1) + (0, PORTRAIT_PX, 0)
    save_array(Path(f"{stem}_prnet.npy"), upright)
    mesh = face_mesh(who, factors[ani : ani + 1], PORTRAIT_PX, PORTRAIT)
    Path(f"{stem}_original.obj").write_text(_coloured_mesh(mesh.vertices[0], portrait))
    return ani


def _coloured_mesh(vertices: Array, portrait: Picture) -> str:
    """Return the text of an obj file: y up, colours 0 to 1 from the picture, faces from 1 on."""
    size = len(portrait)
    column, row = np.rint(vertices[:, :2]).astype(int).clip(0, size - 1).T
    colours = portrait[row, column] / 255
    lines = [
        f"v {x:.4f} {size - 1 - y:.4f} {z:.4f} {red:.4f} {green:.4f} {blue:.4f}"
        for (x, y, z), (red, green, blue) in zip(vertices, colours, strict=True)
    ]
    lines += [f"f {a} {b} {c}" for a, b, c in mesh_triangles() + 1]
    return "\n".join(lines) + "\n"


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
