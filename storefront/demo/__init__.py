"""The demo shop: its content as data files, its pictures, and the code that seeds them."""
