"""The PN532, a contactless reader chip, over its UART."""
