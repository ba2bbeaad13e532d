//! What a peer does, told as stories.
