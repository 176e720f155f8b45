import streamlit as st
from openai import OpenAI

client = OpenAI()
answer = client.responses.create(model="m", input=st.text_input("Question"))
st.markdown(answer.output_text, unsafe_allow_html=True)
