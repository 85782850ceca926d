package dev.tars.runner.validation.tests;

import java.io.IOException;
import java.io.InputStream;

/** A file that a gate's report patterns match. */
public interface ReportFile {
  /** Escaped path, for messages. */
  String name();

  /** The file as it is after the last process died; closed by the reader. */
  InputStream open() throws IOException;
}
