package dev.tars.egress;

import java.util.Optional;

/**
 * What a client asks for.
 *
 * @param plain the request, where it is one in plain HTTP; empty where TLS is to follow
 */
record Asked(Authority to, Optional<PlainRequest> plain) {
  Optional<String> method() {
    return plain.map(request -> request.message().method().name());
  }
}
