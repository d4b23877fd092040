"""The fixed forms: those whose fields are the same for every council and every questionnaire."""
