"""The compiled event loop. Everything here is compiled by Numba; nothing else in posada is."""
