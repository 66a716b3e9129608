"""The programme's shop: goods, orders and vouchers."""
