package dev.tars.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Keeps all that arrives on each connection until it is silent, and gives one answer. */
final class HttpServer implements AutoCloseable {
  final List<String> received = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final UnaryOperator<String> answers;

  HttpServer(UnaryOperator<String> answers) throws IOException {
    this.answers = answers;
    Thread.ofVirtual().start(this::accept);
  }

  static HttpServer answering(String answer) throws IOException {
    return new HttpServer(request -> answer);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(300);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      try {
        for (int b = in.read(); b >= 0; b = in.read()) {
          all.write(b);
        }
      } catch (java.net.SocketTimeoutException e) {
        // It waits for the answer.
      }
      String request = all.toString(StandardCharsets.ISO_8859_1);
      received.add(request);
      socket.getOutputStream().write(answers.apply(request).getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // The client decides when it is over.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
