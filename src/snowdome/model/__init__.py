"""What a model thinks of each image, how far it can be believed, and why it thinks so."""
