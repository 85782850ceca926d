package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

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
  record Node(RelativePath path, TreeEntry entry, long modified, long changed, long inode) {}

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(nodes.size() * 128 + 256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeUTF(bootId);
      out.write(HexFormat.of().parseHex(tree.hex()));
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
        out.write(HexFormat.of().parseHex(file.content().hex()));
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

  private static void writeBytes(Bytes bytes, DataOutputStream out) throws IOException {
    out.writeShort(bytes.length());
    out.write(bytes.toArray());
  }

  /** Reads what {@link #toBytes} wrote; throws IllegalArgumentException if it did not. */
  static TreeFile parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException("not a tree file");
      }
      String boot = in.readUTF();
      Digest tree = digest(in);
      long scannedAt = in.readLong();
      int rootMode = in.readInt();
      int count = in.readInt();
      List<Node> nodes = new ArrayList<>(Math.min(count, bytes.length / 20));
      for (int i = 0; i < count; i++) {
        RelativePath path = RelativePath.of(bytes(in));
        TreeEntry entry =
            switch (in.readByte()) {
              case 'f' -> {
                int mode = in.readShort();
                long size = in.readLong();
                yield new TreeEntry.RegularFile(mode, digest(in), size);
              }
              case 'd' -> new TreeEntry.Directory(in.readShort());
              case 'l' -> new TreeEntry.Symlink(bytes(in));
              default -> throw new IllegalArgumentException("unknown kind of entry");
            };
        nodes.add(new Node(path, entry, in.readLong(), in.readLong(), in.readLong()));
      }
      return new TreeFile(boot, tree, scannedAt, rootMode, nodes);
    } catch (IOException e) {
      throw new IllegalArgumentException("a tree file is cut short", e);
    }
  }

  private static Digest digest(DataInputStream in) throws IOException {
    byte[] raw = new byte[32];
    in.readFully(raw);
    return new Digest(HexFormat.of().formatHex(raw));
  }

  private static Bytes bytes(DataInputStream in) throws IOException {
    byte[] raw = new byte[in.readUnsignedShort()];
    in.readFully(raw);
    return Bytes.of(raw);
  }
}
