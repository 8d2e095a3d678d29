"""People in the loop: adjustments, extensions, requests and releases, with names as the viewer may know them."""
