export {}; // the page is only read and printed
