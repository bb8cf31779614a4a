package interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import org.springframework.web.socket.sockjs.client.RestTemplateXhrTransport;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

/** Spring's STOMP client, driven by lines of JSON: commands come in on stdin, events go out on stdout. */
public final class Interop {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    scheduler.setPoolSize(4);
    scheduler.setDaemon(true);
    scheduler.initialize();
    WebSocketClient carrier = carrier(args[0]);
    Map<Integer, Connection> connections = new HashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode command = JSON.readTree(line);
      int number = command.get("connection").asInt();
      if (command.get("kind").asText().equals("connect")) {
        WebSocketStompClient client = new WebSocketStompClient(carrier);
        client.setTaskScheduler(scheduler);
        connections.put(number, new Connection(number, client, command));
      } else {
        connections.get(number).perform(command);
      }
    }
    System.exit(0);
  }

  /** Takes whole frames of the size that the server may send; by itself it takes 8 KiB. */
  private static StandardWebSocketClient webSocket() {
    WebSocketContainer container = ContainerProvider.getWebSocketContainer();
    container.setDefaultMaxTextMessageBufferSize(128 * 1024);
    return new StandardWebSocketClient(container);
  }

  private static WebSocketClient carrier(String name) {
    return switch (name) {
      case "websocket" -> webSocket();
      case "sockjs-websocket" -> new SockJsClient(List.of(new WebSocketTransport(webSocket())));
      case "sockjs-xhr" -> new SockJsClient(List.of(new RestTemplateXhrTransport(new RestTemplate())));
      default -> throw new IllegalArgumentException(name);
    };
  }

  static void tell(int connection, String kind, Map<String, String> headers, String body) {
    try {
      String line = JSON.writeValueAsString(Map.of("connection", connection, "kind", kind, "headers", headers, "body", body));
      synchronized (System.out) {
        System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
      }
    } catch (java.io.IOException error) {
      throw new java.io.UncheckedIOException(error);
    }
  }

  private Interop() {}
}
