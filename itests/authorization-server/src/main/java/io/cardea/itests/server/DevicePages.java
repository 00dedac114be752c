package io.cardea.itests.server;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.HtmlUtils;

/** What a person sees before and after the pages that Spring itself has for devices. */
@Configuration(proxyBeanMethods = false)
class DevicePages {

    static final String VERIFICATION = "/activate";

    private static final String AFTERWARDS = "/";

    @Bean
    RouterFunction<ServerResponse> pages() {
        return RouterFunctions.route()
                .GET(
                        VERIFICATION,
                        request -> page(codeForm(request.param("user_code").orElse(""))))
                .GET(AFTERWARDS, request -> page("<p>Go back to your device.</p>"))
                .build();
    }

    private static String codeForm(String userCode) {
        return "<form action=\"/oauth2/device_verification\"><input name=\"user_code\" value=\""
                + HtmlUtils.htmlEscape(userCode) + "\"><button>Continue</button></form>";
    }

    private static ServerResponse page(String body) {
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_HTML)
                .body("<!DOCTYPE html><title>A device</title>" + body);
    }
}
