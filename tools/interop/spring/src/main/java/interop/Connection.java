package interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** One connection, and what it is told. */
final class Connection extends StompSessionHandlerAdapter {
  private final int number;
  private final CompletableFuture<StompSession> session;
  private final Map<String, StompSession.Subscription> subscriptions = new ConcurrentHashMap<>();

  Connection(int number, WebSocketStompClient client, JsonNode options) {
    this.number = number;
    long beat = options.get("heartBeat").asLong();
    client.setDefaultHeartbeat(new long[] {beat, beat});
    String scheme = client.getWebSocketClient() instanceof org.springframework.web.socket.sockjs.client.SockJsClient ? "http" : "ws";
    String url = options.get("url").asText().replaceFirst("http", scheme) + "/ws-chat";
    session = client.connectAsync(url, new WebSocketHttpHeaders(), headersOf(options), this);
    session.whenComplete((ignored, error) -> {
      if (error != null) tell("closed", Map.of("message", String.valueOf(error)), "");
    });
  }

  void perform(JsonNode command) {
    try {
      perform(command, session.get());
    } catch (Exception error) { // whatever the library throws is told to the case
      tell("failed", Map.of("message", String.valueOf(error)), "");
    }
  }

  private void perform(JsonNode command, StompSession to) {
    StompHeaders headers = headersOf(command);
    switch (command.get("kind").asText()) {
      case "subscribe" -> {
        headers.setId(command.get("id").asText());
        headers.setDestination(command.get("destination").asText());
        subscriptions.put(headers.getId(), to.subscribe(headers, this));
      }
      case "unsubscribe" -> subscriptions.get(command.get("id").asText()).unsubscribe();
      case "send" -> {
        headers.setDestination(command.get("destination").asText());
        StompSession.Receiptable sent = to.send(headers, command.get("body").asText().getBytes(StandardCharsets.UTF_8));
        if (headers.getReceipt() != null) sent.addReceiptTask(answer -> tell("receipt", answer.toSingleValueMap(), ""));
      }
      // By the id alone: given all headers of a MESSAGE, Spring sends them back, its content-length too.
      case "ack", "nack" -> to.acknowledge(command.get("message").get("ack").asText(), command.get("kind").asText().equals("ack"));
      case "disconnect", "abandon" -> {
        to.disconnect();
        tell("closed", Map.of(), ""); // Spring tells only of ends that were not asked for
      }
      default -> throw new UnsupportedOperationException(command.get("kind").asText());
    }
  }

  @Override
  public void afterConnected(StompSession to, StompHeaders headers) {
    tell("connected", headers.toSingleValueMap(), "");
  }

  @Override
  public Type getPayloadType(StompHeaders headers) {
    return byte[].class;
  }

  @Override
  public void handleFrame(StompHeaders headers, Object payload) {
    String body = payload == null ? "" : new String((byte[]) payload, StandardCharsets.UTF_8);
    if (headers.getSubscription() == null) {
      tell("error", headers.toSingleValueMap(), body);
      return;
    }
    tell("message", headers.toSingleValueMap(), body);
  }

  @Override
  public void handleException(StompSession from, StompCommand command, StompHeaders headers, byte[] payload, Throwable error) {
    tell("failed", Map.of("message", String.valueOf(error)), "");
  }

  @Override
  public void handleTransportError(StompSession from, Throwable error) {
    tell("closed", Map.of("message", String.valueOf(error)), "");
  }

  private void tell(String kind, Map<String, String> headers, String body) {
    Interop.tell(number, kind, headers, body);
  }

  private static StompHeaders headersOf(JsonNode command) {
    StompHeaders headers = new StompHeaders();
    if (command.has("headers")) {
      command.get("headers").fields().forEachRemaining(entry -> headers.set(entry.getKey(), entry.getValue().asText()));
    }
    return headers;
  }
}
