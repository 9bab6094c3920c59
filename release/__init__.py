"""What is installed: the packages, their bills of materials, and the signed repository that machines take them from."""
