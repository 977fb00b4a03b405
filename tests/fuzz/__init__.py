"""Every public address under fire: nothing that is sent may break the shop or slip through."""
