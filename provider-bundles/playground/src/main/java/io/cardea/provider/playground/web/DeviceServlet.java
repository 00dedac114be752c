package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.DeviceAuthorizations;
import io.cardea.provider.playground.server.DeviceAuthorizations.Question;
import io.cardea.provider.playground.server.Endpoints;
import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The page where a person enters a user code (RFC 8628, section 3.3), logs in, and approves or denies. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardServletPattern(Endpoints.DEVICE)
public final class DeviceServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String USER_CODE = "user_code";
    private static final String UNKNOWN =
            "No device waits with that code. Look at it again, or let the device begin anew.";

    private final transient DeviceAuthorizations devices;
    private final transient InstantSource clock;
    private final transient PageSeal seal;
    private final transient Requests requests = new Requests();

    @Activate
    public DeviceServlet(@Reference Playground playground) {
        this.devices = playground.server().devices();
        this.clock = playground.clock();
        this.seal = new PageSeal(playground.https(), clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            switch (request.getMethod()) {
                case "GET", "HEAD" -> {
                    String userCode = Requests.query(request).get(USER_CODE).orElse("");
                    String sealed = seal.seal(Map.of(), request, response);
                    Answers.page(response, 200, Pages.device(sealed, userCode, "", Optional.empty(), Optional.empty()));
                }
                case "POST" -> submitted(request, response);
                default -> Answers.notAllowed(response, "GET, HEAD, POST");
            }
        } catch (OAuthError error) {
            Answers.refusal(response, error);
        }
    }

    private void submitted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Parameters form = requests.form(request);
        Parameters page = seal.open(form, request);
        switch (form.required("action")) {
            case "login" -> login(form, request, response);
            case "approve" -> {
                Login login = Login.of(page);
                boolean done = devices.approve(page.required(USER_CODE), login.person(), login.at());
                decided(done, "Your device is connected", response);
            }
            case "deny" -> {
                Login.of(page);
                decided(devices.deny(page.required(USER_CODE)), "Your device was turned away", response);
            }
            default -> throw OAuthError.invalidRequest("the page has no such button");
        }
    }

    private void login(Parameters form, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String userCode = form.get(USER_CODE).orElse("");
        Optional<Login> login = Login.attempt(form, clock.instant());
        // Only who can log in may find out which user codes there are (RFC 8628, section 5.1).
        Optional<Question> question = login.flatMap(person -> devices.question(userCode));
        if (login.isEmpty() || question.isEmpty()) {
            String sealed = seal.seal(Map.of(), request, response);
            String username = form.get("username").orElse("");
            Optional<String> wrongLogin = login.isEmpty() ? Optional.of(Login.WRONG) : Optional.empty();
            Optional<String> wrongCode = login.isEmpty() ? Optional.empty() : Optional.of(UNKNOWN);
            Answers.page(response, 403, Pages.device(sealed, userCode, username, wrongLogin, wrongCode));
            return;
        }
        String sealed = seal.seal(login.get().with(Map.of(USER_CODE, userCode)), request, response);
        Question asked = question.get();
        String html =
                Pages.deviceConsent(asked.client(), login.get().person(), asked.scopes(), sealed, asked.userCode());
        Answers.page(response, 200, html);
    }

    private static void decided(boolean done, String heading, HttpServletResponse response) throws IOException {
        if (done) {
            Answers.page(response, 200, Pages.message(heading, "You can close this page."));
        } else {
            Answers.page(response, 400, Pages.message("Too late", UNKNOWN));
        }
    }
}
