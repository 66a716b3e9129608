"""The programme's shop: what is sold, orders and their money, vouchers and their end."""
