"""The page on which videos are made, methods compared and reports opened; `serving` opens it."""
