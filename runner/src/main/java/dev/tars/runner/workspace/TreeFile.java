package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.FileStat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A tree in a file: the entries in path order, each with what the scan saw of it. Written for the
 * boot it was made in: after a crash of the machine such a file is not believed.
 *
 * @param bootId of the kernel that wrote it
 * @param scannedAt when the scan began, nanoseconds since the epoch
 */
record TreeFile(String bootId, Digest tree, long scannedAt, int rootMode, List<Node> nodes) {
  private static final int MAGIC = 0x74_61_72_01;

  TreeFile {
    nodes = List.copyOf(nodes);
  }

  /** One entry and the stat it was hashed under. */
  record Node(RelativePath path, TreeEntry entry, long modified, long changed, long inode) {
    /** True if a stored copy of the one serves for the other as well. */
    boolean isSameFile(Node other) {
      return entry.equals(other.entry) && modified == other.modified;
    }

    /** True if the file is the one that was scanned, and nothing was written to it since. */
    boolean isAsScanned(FileStat stat) {
      return inode == stat.inode()
          && changed == stat.changedNanos()
          && modified == stat.modifiedNanos()
          && entry instanceof TreeEntry.RegularFile file
          && file.size() == stat.size();
    }
  }

  /** What a stored tree begins with. */
  record Header(String bootId, Digest tree) {}

  /** The entry at a path. */
  Optional<Node> node(RelativePath path) {
    int at = search(path);
    return at >= 0 ? Optional.of(nodes.get(at)) : Optional.empty();
  }

  /** As {@link java.util.Collections#binarySearch}. */
  int search(RelativePath path) {
    int low = 0;
    int high = nodes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = nodes.get(middle).path().compareTo(path);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(nodes.size() * 128 + 256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeUTF(bootId);
      writeDigest(tree, out);
      out.writeLong(scannedAt);
      out.writeInt(rootMode);
      out.writeInt(nodes.size());
      for (Node node : nodes) {
        write(node, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(Node node, DataOutputStream out) throws IOException {
    writeBytes(node.path().bytes(), out);
    switch (node.entry()) {
      case TreeEntry.RegularFile file -> {
        out.writeByte('f');
        out.writeShort(file.mode());
        out.writeLong(file.size());
        writeDigest(file.content(), out);
      }
      case TreeEntry.Directory directory -> {
        out.writeByte('d');
        out.writeShort(directory.mode());
      }
      case TreeEntry.Symlink link -> {
        out.writeByte('l');
        writeBytes(link.target(), out);
      }
    }
    out.writeLong(node.modified());
    out.writeLong(node.changed());
    out.writeLong(node.inode());
  }

  static void writeDigest(Digest digest, DataOutputStream out) throws IOException {
    out.write(HexFormat.of().parseHex(digest.hex()));
  }

  static void writeBytes(Bytes bytes, DataOutputStream out) throws IOException {
    out.writeShort(bytes.length());
    out.write(bytes.toArray());
  }

  /** Reads what {@link #toBytes} wrote; throws IllegalArgumentException if it did not. */
  static TreeFile parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Header header = header(in);
      long scannedAt = in.readLong();
      int rootMode = in.readInt();
      int count = in.readInt();
      List<Node> nodes = new ArrayList<>(Math.min(count, bytes.length / 20));
      for (int i = 0; i < count; i++) {
        RelativePath path = RelativePath.of(readBytes(in));
        TreeEntry entry =
            switch (in.readByte()) {
              case 'f' -> {
                int mode = in.readShort();
                long size = in.readLong();
                yield new TreeEntry.RegularFile(mode, readDigest(in), size);
              }
              case 'd' -> new TreeEntry.Directory(in.readShort());
              case 'l' -> new TreeEntry.Symlink(readBytes(in));
              default -> throw new IllegalArgumentException("unknown kind of entry");
            };
        nodes.add(new Node(path, entry, in.readLong(), in.readLong(), in.readLong()));
      }
      return new TreeFile(header.bootId(), header.tree(), scannedAt, rootMode, nodes);
    } catch (IOException e) {
      throw new IllegalArgumentException("a tree file is cut short", e);
    }
  }

  /** The beginning of what {@link #toBytes} wrote; throws IllegalArgumentException if it is not. */
  static Header header(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return header(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("a tree file is cut short", e);
    }
  }

  private static Header header(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IllegalArgumentException("not a tree file");
    }
    return new Header(in.readUTF(), readDigest(in));
  }

  static Digest readDigest(DataInputStream in) throws IOException {
    byte[] raw = new byte[32];
    in.readFully(raw);
    return new Digest(HexFormat.of().formatHex(raw));
  }

  static Bytes readBytes(DataInputStream in) throws IOException {
    byte[] raw = new byte[in.readUnsignedShort()];
    in.readFully(raw);
    return Bytes.of(raw);
  }
}
