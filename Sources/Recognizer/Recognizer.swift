// Recognizer
