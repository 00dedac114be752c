package io.cardea.provider.testkit;

import java.util.List;
import java.util.Map;

/** The kit's server by itself, for logins by hand: whoever comes approves, and each request is told with its verdict. */
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
            System.out.println("# deploy/io.cardea.provider~" + name + ".cfg");
            server.configuration().forEach((key, value) -> System.out.println(key + " = " + value));
            System.out.println("# Ctrl-C stops it. It was asked:");
            tellRequests(server);
        }
    }

    private static void tellRequests(AuthorizationServer server) throws InterruptedException {
        int told = 0;
        while (true) {
            List<ReceivedRequest> requests = server.requests();
            while (told < requests.size() && requests.get(told).isAnswered()) {
                System.out.println(requests.get(told++));
            }
            Thread.sleep(INTERVAL_MILLIS);
        }
    }
}
