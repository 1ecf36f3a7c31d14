"""What somebody who means harm can try, by threat; SECURITY.md says which file shows what."""
