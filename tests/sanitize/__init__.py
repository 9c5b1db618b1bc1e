"""The compiled core under the sanitizers of gcc: `make sanitize`."""
