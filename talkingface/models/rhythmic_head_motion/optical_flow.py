"""The teacher of the flow networks: dense inverse search, from OpenCV.

Method: "Fast optical flow using dense inverse search", arXiv:1603.03590. The authors teach with
FlowNet2, whose weights are not free.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture


def optical_flow(target: Picture, picture: Picture) -> NDArray[np.float32]:
    """Return the flow (2, H, W), x and y in pixels, from `target` to `picture`.

    What the target shows at a pixel is in the picture at that pixel plus the flow.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    gray = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (target, picture)]
    nothing_known = np.zeros((*target.shape[:2], 2), np.float32)
    flow = search.calc(gray[0], gray[1], nothing_known)
    return np.ascontiguousarray(np.moveaxis(flow, -1, 0), dtype=np.float32)
