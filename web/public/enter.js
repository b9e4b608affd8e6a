// The login page's only script: the cookie is set, so go to the app and leave no token in the history.
location.replace("./");
