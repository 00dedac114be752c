package io.cardea.provider.testkit;

import java.util.List;
import java.util.Map;

/**
 * The kit's server by itself, for logins by hand. What points a provider at it goes to the standard output, which may be
 * the file that Cardea reads; each request and why it was refused goes to the terminal. Whoever comes approves.
 */
public final class StandaloneServer {

    private static final int INTERVAL_MILLIS = 200;

    private StandaloneServer() {}

    /** Where nobody enters a user code. */
    private static final class ApprovingServer extends AuthorizationServer {
        @Override
        protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
            person().approvesDevice(String.valueOf(members.get("user_code")));
            return super.deviceAnswer(request, members);
        }
    }

    /**
     * Serves until it is stopped.
     *
     * @param arguments the provider's name, and the redirect URI where Cardea is not at its usual port
     */
    public static void main(String[] arguments) throws InterruptedException {
        String name = arguments.length > 0 ? arguments[0] : "acme";
        try (AuthorizationServer server = new ApprovingServer()) {
            server.register(arguments.length > 1 ? arguments[1] : "http://localhost:8180/oauth/" + name + "/callback");
            server.configuration().forEach((key, value) -> System.out.println(key + " = " + value));
            System.err.println("Serving at " + server.url() + " until it is stopped. It is asked:");
            tellRequests(server);
        }
    }

    private static void tellRequests(AuthorizationServer server) throws InterruptedException {
        int told = 0;
        while (true) {
            List<ReceivedRequest> requests = server.requests();
            while (told < requests.size() && requests.get(told).isAnswered()) {
                System.err.println(requests.get(told++));
            }
            Thread.sleep(INTERVAL_MILLIS);
        }
    }
}
