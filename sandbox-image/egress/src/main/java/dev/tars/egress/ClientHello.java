package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The server name of a ClientHello that Netty has put together. Only the list of extensions is
 * walked, since Netty shows the name alone: an encrypted ClientHello hides a second name, and a
 * repeated extension is read differently by different servers. Whatever is not as it must be means
 * no.
 *
 * @param serverName lower case; empty if the client names none
 */
record ClientHello(Optional<String> serverName) {
  private static final int SERVER_NAME = 0;
  private static final int ENCRYPTED = 0xfe0d;

  /** Old numbers of the encrypted ClientHello and of the encrypted server name. */
  private static final Set<Integer> HIDING =
      Set.of(ENCRYPTED, 0xff02, 0xff03, 0xfe08, 0xfe09, 0xfe0a, 0xffce);

  /** Why a ClientHello is refused. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Reads the body of the message.
   *
   * @throws Refused with a reason fit for a person
   */
  static ClientHello read(ByteBuf message) throws Refused {
    try {
      ByteBuf in = message.slice();
      in.skipBytes(2 + 32); // version, random
      in.skipBytes(in.readUnsignedByte()); // session id
      in.skipBytes(in.readUnsignedShort()); // cipher suites
      in.skipBytes(in.readUnsignedByte()); // compression methods
      if (!in.isReadable()) {
        return new ClientHello(Optional.empty());
      }
      ByteBuf extensions = in.readSlice(in.readUnsignedShort());
      if (in.isReadable()) {
        throw new Refused("there are bytes behind the list of extensions");
      }
      return new ClientHello(serverName(extensions));
    } catch (IndexOutOfBoundsException e) {
      throw new Refused("it ends before it is complete");
    }
  }

  private static Optional<String> serverName(ByteBuf extensions) throws Refused {
    Optional<String> name = Optional.empty();
    Set<Integer> seen = new HashSet<>();
    while (extensions.isReadable()) {
      int type = extensions.readUnsignedShort();
      ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
      if (!seen.add(type)) {
        throw new Refused("it has one extension twice");
      }
      if (HIDING.contains(type)) {
        throw new Refused("it hides the server's name (ECH)");
      }
      if (type == SERVER_NAME) {
        name = Optional.of(single(content));
      }
    }
    return name;
  }

  /** The one name of the list; its type is "host name", the only one there is. */
  private static String single(ByteBuf content) throws Refused {
    ByteBuf list = content.readSlice(content.readUnsignedShort());
    int type = list.readUnsignedByte();
    String name =
        list.readCharSequence(list.readUnsignedShort(), StandardCharsets.ISO_8859_1).toString();
    if (type != 0 || list.isReadable() || content.isReadable()) {
      throw new Refused("it does not name exactly one server");
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
