"""Who works here: their accounts in the admin, and who may decide over whom."""
