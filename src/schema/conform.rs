//! Bringing values into a schema's shape.
