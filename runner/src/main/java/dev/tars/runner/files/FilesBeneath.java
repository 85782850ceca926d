package dev.tars.runner.files;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The regular files below one directory, as whoever filled that directory supplies them: a link on
 * the way is an error and is not followed, so that nothing outside can be read through it.
 *
 * @param root absolute; it may be reached through links itself, for the user named it
 */
public record FilesBeneath(Path root) {

  /**
   * Reads a whole file.
   *
   * @param most bytes
   * @throws NoSuchFileException if nothing has the name
   * @throws IOException with a sentence on what stands there, if it is a link or in a link, no
   *     regular file, or larger than {@code most}
   */
  public byte[] read(RelativePath path, int most) throws IOException {
    try (SecureDirectoryStream<Path> dir = open(path.parent())) {
      Path name = name(path.name());
      BasicFileAttributes found = attributes(dir, name);
      if (found.isSymbolicLink()) {
        throw new IOException("a symbolic link is in the way");
      }
      if (!found.isRegularFile()) {
        throw new IOException("it is not a regular file");
      }
      try (InputStream in =
          Channels.newInputStream(
              dir.newByteChannel(
                  name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
          throw new IOException("it is larger than " + most + " bytes");
        }
        return bytes;
      }
    }
  }

  /** True if something has the name, and is reached without a link. */
  public boolean has(RelativePath path) {
    try (SecureDirectoryStream<Path> dir = open(path.parent())) {
      BasicFileAttributes _ = attributes(dir, name(path.name()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The names of the regular files in a directory, sorted; none if it is not there, or a link. */
  public List<String> names(RelativePath directory) {
    List<String> names = new ArrayList<>();
    try (SecureDirectoryStream<Path> dir = open(directory)) {
      for (Path entry : dir) {
        if (attributes(dir, entry.getFileName()).isRegularFile()) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> dir, Path name)
      throws IOException {
    return dir.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private SecureDirectoryStream<Path> open(RelativePath directory) throws IOException {
    SecureDirectoryStream<Path> at = top();
    try {
      for (Bytes component : directory.components()) {
        SecureDirectoryStream<Path> parent = at;
        at = at.newDirectoryStream(name(component), LinkOption.NOFOLLOW_LINKS);
        parent.close();
      }
      return at;
    } catch (NoSuchFileException e) {
      at.close();
      throw e;
    } catch (FileSystemException e) { // ELOOP has no exception of its own
      at.close();
      throw linked(e);
    }
  }

  private static IOException linked(FileSystemException e) {
    IOException why = new IOException("a symbolic link, or no directory, is in the way");
    why.initCause(e);
    return why;
  }

  private SecureDirectoryStream<Path> top() throws IOException {
    @SuppressWarnings("StreamResourceLeak") // whoever asked for it closes it
    DirectoryStream<Path> stream = Files.newDirectoryStream(root);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system cannot be read without following links");
  }

  private Path name(Bytes component) {
    return root.getFileSystem().getPath(component.lossyText());
  }
}
