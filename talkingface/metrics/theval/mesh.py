"""The points of MediaPipe's face mesh that THEval reads. Left is the person's left."""

# fmt: off
LEFT_BROW = (276, 282, 283, 285, 293, 295, 296, 300, 334, 336)
RIGHT_BROW = (46, 52, 53, 55, 63, 65, 66, 70, 105, 107)
LEFT_EYE = (249, 263, 362, 373, 374, 380, 381, 382, 384, 385, 386, 387, 388, 390, 398, 466)
RIGHT_EYE = (7, 33, 133, 144, 145, 153, 154, 155, 157, 158, 159, 160, 161, 163, 173, 246)
LIPS = (
    0, 13, 14, 17, 37, 39, 40, 61, 78, 80, 81, 82, 84, 87, 88, 91, 95, 146, 178, 181, 185, 191,
    267, 269, 270, 291, 308, 310, 311, 312, 314, 317, 318, 321, 324, 375, 402, 405, 409, 415,
)
UPPER_INNER_LIP = (191, 80, 81, 82, 13, 312, 311, 310)
LOWER_INNER_LIP = (95, 88, 178, 87, 14, 317, 402, 318)  # each below its like in the upper lip
# fmt: on
RIGHT_OUTER_CORNER, RIGHT_INNER_CORNER = 33, 133  # of the eye
LEFT_OUTER_CORNER, LEFT_INNER_CORNER = 263, 362
