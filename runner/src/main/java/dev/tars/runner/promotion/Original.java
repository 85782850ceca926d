package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a displaced entry had besides its content and mode, so that a rollback can give it back.
 *
 * @param modified modification time, nanoseconds since the epoch
 * @param special setgid and sticky bit of a directory; 0 for anything else
 * @param attributes extended attributes of the user, and access control lists
 */
record Original(long modified, int uid, int gid, int special, Map<Bytes, Bytes> attributes) {
  Original {
    attributes = Map.copyOf(attributes);
  }

  static Original of(Disk disk, Disk.Dir dir, Bytes name, FileStat stat) {
    return new Original(
        stat.modifiedNanos(),
        stat.uid(),
        stat.gid(),
        stat.kind() == FileKind.DIRECTORY ? stat.specialBits() : 0,
        attributes(disk, dir, name));
  }

  /** Those that are carried over; security labels are the system's to give. */
  static Map<Bytes, Bytes> attributes(Disk disk, Disk.Dir dir, Bytes name) {
    Map<Bytes, Bytes> found = new TreeMap<>();
    try {
      for (Bytes attribute : disk.xattrs(dir, name)) {
        String text = attribute.lossyText();
        if (isCarried(text)) {
          found.put(attribute, disk.xattr(dir, name, attribute));
        }
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.EOPNOTSUPP) { // a file system without any
        throw e;
      }
    }
    return found;
  }

  private static boolean isCarried(String attribute) {
    return attribute.startsWith("user.") || attribute.startsWith("system.posix_acl");
  }

  /**
   * An extended attribute that a new file in its place would not have: file capabilities, say.
   * Labels of security modules and signatures of the integrity subsystem are the system's to give.
   */
  static Optional<String> lostAttribute(Disk disk, Disk.Dir dir, Bytes name) {
    try {
      return disk.xattrs(dir, name).stream()
          .map(Bytes::lossyText)
          .filter(a -> !isCarried(a))
          .filter(a -> !a.startsWith("security.") || a.equals("security.capability"))
          .findFirst();
    } catch (DiskException e) {
      if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void write(ObjectNode node) {
    node.put("modified", modified).put("uid", uid).put("gid", gid);
    if (special != 0) {
      node.put("special", special);
    }
    if (!attributes.isEmpty()) {
      ObjectNode all = node.putObject("attributes");
      attributes.forEach((name, value) -> all.put(name.hex(), value.hex()));
    }
  }

  static Original read(JsonNode node) {
    Map<Bytes, Bytes> attributes = new TreeMap<>();
    node.path("attributes")
        .properties()
        .forEach(
            e -> attributes.put(Bytes.fromHex(e.getKey()), Bytes.fromHex(e.getValue().asText())));
    return new Original(
        node.path("modified").asLong(),
        node.path("uid").asInt(),
        node.path("gid").asInt(),
        node.path("special").asInt(0),
        attributes);
  }
}
