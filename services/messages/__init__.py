"""Messages: planned in the transaction that causes them, sent by a cascade of channels, told of by the gateways."""
