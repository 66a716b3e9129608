"""Settlement between partners: months closed, read and written out."""
