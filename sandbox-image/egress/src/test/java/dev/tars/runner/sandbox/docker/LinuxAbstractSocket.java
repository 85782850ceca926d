package dev.tars.runner.sandbox.docker;

import java.io.IOException;
import java.util.UUID;

/** A socket of this machine without a file, which the JDK cannot make: a child of ours listens. */
record LinuxAbstractSocket(String name, Process listener) implements AutoCloseable {

  static LinuxAbstractSocket listen() throws IOException {
    String name = "tars-" + UUID.randomUUID();
    String program =
        "my $s = IO::Socket::UNIX->new(Local => qq(\\0$ARGV[0]), Listen => 5) or die $!;"
            + " print qq(listening\\n); $| = 1; print qq(\\n); while ($s->accept) {}";
    Process listener =
        new ProcessBuilder("perl", "-MIO::Socket::UNIX", "-e", "$| = 1; " + program, name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (listener.getInputStream().read() < 0) {
      throw new IOException("no abstract socket");
    }
    return new LinuxAbstractSocket(name, listener);
  }

  @Override
  public void close() {
    listener.destroyForcibly();
  }
}
