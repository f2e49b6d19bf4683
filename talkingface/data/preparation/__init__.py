"""From raw videos, pictures and sounds to the files that the three methods read.

`batch` runs many pieces of work, goes on past bad ones and lists them; one file for each layout
says what a piece of work is: `pc_avs`, `pd_fgc`, `rhythmic`, and `alignment` alone.
"""
