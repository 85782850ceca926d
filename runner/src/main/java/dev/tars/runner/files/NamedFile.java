package dev.tars.runner.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One file that a person names on the command line, or in a policy that is trusted. It may be
 * reached through links, as that person's shell would reach it; what is opened in the end is a
 * regular file and never a device, and a pipe is waited for no longer than it is said.
 */
public final class NamedFile {
  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;

  private NamedFile() {}

  /**
   * Opens a regular file; the caller closes it, and bounds what is read from it.
   *
   * @throws NoSuchFileException if nothing has the name
   * @throws IOException with a sentence on what stands there, if it is no regular file
   */
  public static InputStream open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Path real = Files.isRegularFile(file) ? file.toRealPath() : file;
    BasicFileAttributes found =
        Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) { // nothing that could block or act is opened
      throw new NotRegular();
    }
    return Files.newInputStream(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Reads a regular file whole.
   *
   * @param most bytes
   * @throws NoSuchFileException if nothing has the name
   * @throws IOException with a sentence, if it is no regular file or larger than {@code most}
   */
  public static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = open(file)) {
      return bounded(in, most);
    }
  }

  /**
   * Reads a regular file, or what another program writes into a pipe.
   *
   * @param patience how long the pipe may take to its end
   * @throws IOException as {@link #read}, and if the pipe has not ended in time
   */
  public static byte[] readOrWait(Path file, int most, Duration patience) throws IOException {
    if (Files.exists(file) && ((int) Files.getAttribute(file, "unix:mode") & TYPE) == PIPE) {
      return fromPipe(file, most, patience);
    }
    return read(file, most);
  }

  /** Opening a pipe that nobody writes to cannot be interrupted: it keeps a thread of its own. */
  private static byte[] fromPipe(Path pipe, int most, Duration patience) throws IOException {
    CompletableFuture<byte[]> content = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("pipe")
        .start(() -> {
          try (InputStream in = Files.newInputStream(pipe)) {
            content.complete(bounded(in, most));
          } catch (IOException | RuntimeException | OutOfMemoryError e) {
            content.completeExceptionally(e);
          }
        });
    try {
      return content.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the pipe did not end within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("reading was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutOfMemoryError full) {
        throw full;
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private static byte[] bounded(InputStream in, int most) throws IOException {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new TooLarge(most);
    }
    return bytes;
  }

  /** What has the name is a directory, a pipe, a device or a socket. */
  public static final class NotRegular extends IOException {
    private static final long serialVersionUID = 1L;

    NotRegular() {
      super("it is no regular file");
    }
  }

  /** A file has more bytes than its reader takes. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(int most) {
      super("it is larger than " + most + " bytes");
    }
  }
}
