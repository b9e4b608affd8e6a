"""snowdome: open a labelled set of images and watch its maps form."""

__version__ = "0.1.0"
